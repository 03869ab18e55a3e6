namespace KeypointMl.Data;

/// <summary>Frames that come from files.</summary>
internal interface ISourceFiles
{
    /// <summary>The paths of the files, masks included; a path may be there more than once.</summary>
    IEnumerable<string> SourceFiles { get; }
}
