namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A message of an object header (the specification's IV.A.2): what the object is, and where its parts are.</summary>
internal sealed class Hdf5Message(byte type, byte flags, Hdf5Cursor content)
{
    internal const int Dataspace = 0x01;
    internal const int LinkInfo = 0x02;
    internal const int Datatype = 0x03;
    internal const int OldFillValue = 0x04;
    internal const int FillValue = 0x05;
    internal const int Link = 0x06;
    internal const int ExternalFiles = 0x07;
    internal const int Layout = 0x08;
    internal const int GroupInfo = 0x0A;
    internal const int Filters = 0x0B;
    internal const int Attribute = 0x0C;
    internal const int Continuation = 0x10;
    internal const int SymbolTable = 0x11;
    internal const int AttributeInfo = 0x15;

    private const int SharedFlag = 2;

    internal int Type => type;

    /// <summary>Whether the message stands elsewhere and this one says where.</summary>
    internal bool IsShared => (flags & SharedFlag) != 0;

    /// <summary>A cursor at its beginning.</summary>
    internal Hdf5Cursor Open() => content.Copy();
}
