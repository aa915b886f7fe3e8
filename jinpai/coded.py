"""编码列 coded: columns of words as places in the list of their values; few words say much.

Arrow calls them dictionaries. Files, engines and sums read them faster than the words written out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE = -1
"""The place of a value that is not there."""
CODED = pa.dictionary(pa.int32(), pa.string())


def coded(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """编码列 a column of strings as places in the list of its values."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()


def codes(column: pa.DictionaryArray) -> Ints:
    """编码 the place of each row's value in the dictionary; NONE for a null."""
    found: Ints = pc.fill_null(column.indices, NONE).to_numpy().astype(np.int64)
    return found


def equals(column: pa.DictionaryArray, *values: str) -> Flags:
    """等于 where a column says one of `values`; a null says nothing."""
    is_one = [name in values for name in column.dictionary.to_pylist()]
    # the last place answers for NONE
    found: Flags = np.array([*is_one, False])[codes(column)]
    return found


def repeated(value: str, count: int) -> pa.DictionaryArray:
    """同一个值 a coded column that says the same in each of `count` rows."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([value]))


def of_places(places: Ints, words: pa.Array) -> pa.DictionaryArray:
    """按位取词 the coded column that says the word at each place; null where the place is NONE."""
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=places == NONE), words)


def coded_words(rows: pa.Table) -> pa.Table:
    """编码 a table whose columns of words are coded."""
    return rows.cast(pa.schema([one.with_type(CODED) if one.type == pa.string() else one for one in rows.schema]))


def plain_words(rows: pa.Table) -> pa.Table:
    """还原 a table whose coded columns are written out."""
    return rows.cast(pa.schema([one.with_type(pa.string()) if one.type == CODED else one for one in rows.schema]))
