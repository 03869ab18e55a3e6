namespace KeypointMl.Data;

/// <summary>A value in a YAML text and where it begins; lines and columns count from 1.</summary>
internal abstract record YamlItem(int Line, int Column);

/// <summary>Text; <paramref name="Quoted"/> text stood in quotes or in a block.</summary>
internal sealed record YamlScalar(int Line, int Column, string Text, bool Quoted) : YamlItem(Line, Column);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlItem> Items) : YamlItem(Line, Column);

/// <summary><c>key: value</c>, in the text's order, each key once.</summary>
internal sealed record YamlMap(int Line, int Column, IReadOnlyList<YamlEntry> Entries) : YamlItem(Line, Column);

/// <summary>One <c>key: value</c>.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlItem Value);

/// <summary>What is wrong with a YAML text, and where.</summary>
internal sealed record YamlProblem(int Line, int Column, string Message, Exception? Cause = null);
