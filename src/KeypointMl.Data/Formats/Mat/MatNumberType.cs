namespace KeypointMl.Data.Formats.Mat;

/// <summary>How the numbers of a <see cref="MatNumeric"/> are stored.</summary>
public enum MatNumberType
{
    /// <summary>8-bit signed.</summary>
    Int8,

    /// <summary>8-bit unsigned; logical values too.</summary>
    UInt8,

    /// <summary>16-bit signed.</summary>
    Int16,

    /// <summary>16-bit unsigned.</summary>
    UInt16,

    /// <summary>32-bit signed.</summary>
    Int32,

    /// <summary>32-bit unsigned.</summary>
    UInt32,

    /// <summary>64-bit signed.</summary>
    Int64,

    /// <summary>64-bit unsigned.</summary>
    UInt64,

    /// <summary>IEEE single precision.</summary>
    Single,

    /// <summary>IEEE double precision.</summary>
    Double,
}
