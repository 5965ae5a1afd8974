"""Delimited text files in the encodings that shop systems use."""

import io
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

_BOM = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 100_000


class CsvExport:
    """One CSV file that is written in parts. Cells go out as they are given: whoever fills them keeps commas out.

    With `writes` false it stands for a file that an earlier run has written: it takes rows and writes none.
    """

    def __init__(self, path: Path, *, header: str, encoding: str = "utf-8", writes: bool = True) -> None:
        self.path = path
        self.columns = header.count(",") + 1
        self.rows = 0
        self._codec = "utf-8" if encoding == "utf-8-sig" else encoding
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("wb") if writes else io.BytesIO()
        self._writes = writes
        if encoding == "utf-8-sig":
            self._file.write(_BOM)
        self._file.write(f"{header}\r\n".encode(self._codec))

    def append(self, columns: list[pa.Array]) -> None:
        """Writes rows given as equally long columns of text, in the order of the header."""
        if len(columns) != self.columns:
            raise ValueError(f"{self.path.name} has {self.columns} columns, not {len(columns)}")
        rows = len(columns[0])
        for start in range(0, rows, _ROWS_AT_ONCE):
            parts = [column.slice(start, _ROWS_AT_ONCE) for column in columns]
            if self._writes:
                self._write(pc.binary_join_element_wise(*parts, ","))
        self.rows += rows

    def line(self, cells: list[str]) -> None:
        """Writes one more row."""
        self._file.write((",".join(cells) + "\r\n").encode(self._codec))
        self.rows += 1

    def close(self) -> None:
        """Ends the file."""
        self._file.close()

    def _write(self, lines: pa.Array) -> None:
        ended = pc.binary_join_element_wise(lines, "\r\n", "")
        joined = pa.ListArray.from_arrays(pa.array([0, len(ended)], pa.int32()), ended)
        text = pc.binary_join(joined, "")[0].as_buffer().to_pybytes()
        self._file.write(text if self._codec == "utf-8" else text.decode().encode(self._codec))
