namespace KeypointMl.Data;

/// <summary>A file that a prior was built from.</summary>
/// <param name="Path">Relative to the data root.</param>
/// <param name="Sha256">The SHA-256 of its content in lower-case hexadecimal.</param>
public sealed record PriorSourceFile(string Path, string Sha256);
