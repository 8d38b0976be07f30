"""What every stand-in of a platform has, whatever its wire: trouble on order, a journal of calls, photos, labels."""
