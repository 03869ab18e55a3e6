namespace KeypointMl.Data;

/// <summary>An image file of a frame set.</summary>
/// <param name="Path">The file to open.</param>
/// <param name="Name">Its name in messages and results, relative to the data root where there is one.</param>
public readonly record struct ImageFile(string Path, string Name);
