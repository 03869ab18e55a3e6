namespace KeypointMl.Data;

/// <summary>The kinds of HDF5 types, by their number in a file.</summary>
internal enum Hdf5Class
{
    Integer = 0,
    Float = 1,
    Text = 3,
    Bits = 4,
    Opaque = 5,
    Record = 6,
    Reference = 7,
    Enumeration = 8,
    Variable = 9,
    Array = 10,
}
