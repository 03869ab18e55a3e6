using System.Text.Encodings.Web;
using System.Text.Json;

namespace KeypointMl.Cli.Printing;

/// <summary>How the command prints JSON that people read too: over lines, with names as they are written.</summary>
internal static class JsonText
{
    /// <summary>Indented; control characters are escaped, other letters are not.</summary>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
