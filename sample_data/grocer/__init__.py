"""A grocer with seasonal lines, simulated: causes in, files of a client out."""
