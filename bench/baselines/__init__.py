"""What we compare ourselves with: the plain way to do the same, with every setting left at its default."""
