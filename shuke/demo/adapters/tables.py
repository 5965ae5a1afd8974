"""Parquet files of the truth."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


class TruthTable:
    """One Parquet file that is written in parts."""

    def __init__(self, path: Path, *, schema: pa.Schema) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def append(self, **columns: object) -> None:
        """Writes rows given as columns by name."""
        arrays = [pa.array(columns[field.name], field.type) for field in self._schema]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Ends the file."""
        self._writer.close()
