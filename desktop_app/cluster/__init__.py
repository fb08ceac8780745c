"""Years of a source by many processes: what is read and packed elsewhere, and promised here."""
