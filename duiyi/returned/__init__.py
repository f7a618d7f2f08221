"""A reviewed workbook or table comes back: read, merged with another reviewer's, what they disagree on written out.

Rows are found by ID, columns by their heading, sheets by their headings, whatever was sorted, filtered, hidden, copied
or added. What a reviewer changed is what differs from the digests in the workbook's hidden sheet or in a table's last
column; a table without that column is compared with what OUT holds. Nothing is decided before every cell of every file
has been checked, and what is not taken back is named by its place.
"""

from duiyi.returned.conflicts import write_conflicts
from duiyi.returned.merging import Merged, merge_reviews, state_of
from duiyi.returned.reading import ReviewedFile, read_reviewed

__all__ = ["Merged", "ReviewedFile", "merge_reviews", "read_reviewed", "state_of", "write_conflicts"]
