"""Pictures without what was written about them. The pixels stay as they are stored: nothing is drawn anew."""
