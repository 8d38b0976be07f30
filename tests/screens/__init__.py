"""`make screens`: StoreSync's screens, photographed at a phone's width into docs/images."""
