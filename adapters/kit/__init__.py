"""What every platform's adapter needs: a client that waits, signs, sends and classifies. httpx stays in here."""
