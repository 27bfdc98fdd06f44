"""The record of a tape as a picture."""
