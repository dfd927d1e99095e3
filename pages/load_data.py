"""Load data: what would become of these files, and load them."""

from ui import loading, running, shell

shell.header(
    "Load data",
    "For whoever brings the files: what would be accepted, what rejected and why? "
    "Nothing is loaded before you confirm.",
)
running.offer_sample()
files, mapping, feed = loading.chosen_files()
if files:
    loading.confirm(loading.planned(files, mapping, feed))
