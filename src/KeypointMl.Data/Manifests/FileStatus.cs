namespace KeypointMl.Data;

/// <summary>How a file of a manifest was found.</summary>
public enum FileStatus
{
    /// <summary>As the manifest says.</summary>
    Ok,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>Of another size, or a folder with another number of files.</summary>
    WrongSize,

    /// <summary>Of the right size, with another content.</summary>
    WrongHash,
}
