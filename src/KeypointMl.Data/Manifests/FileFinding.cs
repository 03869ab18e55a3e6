namespace KeypointMl.Data;

/// <summary>What <see cref="DataManifest.Check"/> found out about one file.</summary>
/// <param name="File">What the manifest says.</param>
/// <param name="Status">How it was found.</param>
/// <param name="Message">One line for people: what was expected and what was found.</param>
public sealed record FileFinding(ManifestFile File, FileStatus Status, string Message);
