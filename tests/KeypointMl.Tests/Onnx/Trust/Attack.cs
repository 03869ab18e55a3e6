namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>A file that must be refused.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Message">A part of the message.</param>
/// <param name="Loads">Whether it is the checker that refuses it, as a graph, and not the reader, as a file.</param>
internal sealed record Attack(byte[] Content, string Message, bool Loads = false);
