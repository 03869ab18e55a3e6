namespace KeypointMl.Onnx.Model;

/// <summary>Recognises files that are often given in place of a model by their first bytes.</summary>
internal static class FileSignature
{
    private static readonly (byte[] Start, int Offset, string Kind)[] Kinds =
    [
        ([.. "PK\u0003\u0004"u8], 0,
            "a ZIP archive (PyTorch's .pt and .pth files are such): export the model to ONNX first, or unpack the .onnx file"),
        ([0x89, .. "PNG\r\n"u8], 0, "a PNG image"),
        ([0xFF, 0xD8, 0xFF], 0, "a JPEG image"),
        ([.. "GIF8"u8], 0, "a GIF image"),
        ([0x1F, 0x8B], 0, "a gzip file: unpack it first"),
        ([.. "%PDF"u8], 0, "a PDF document"),
        ([.. "version https://git-lfs"u8], 0, "a Git LFS pointer, not the file it stands for: run 'git lfs pull'"),
        ([.. "ORTM"u8], 4, "a model in ONNX Runtime's own format (.ort): give the .onnx file it was made from"),
        ([.. "TFL3"u8], 4, "a TensorFlow Lite model: convert it to ONNX first"),
        ([0x89, .. "HDF\r\n"u8], 0, "an HDF5 file (Keras models are such): convert it to ONNX first"),
        ([0x80, 0x02], 0, "a Python pickle: export the model to ONNX first"),
        ([.. "\u007fELF"u8], 0, "a Linux program"),
        ([.. "MZ"u8], 0, "a Windows program"),
    ];

    /// <summary>What a file is, for the sentence "it is …"; null where it may be a model.</summary>
    public static string? Recognize(ReadOnlySpan<byte> content)
    {
        foreach ((byte[] start, int offset, string kind) in Kinds)
        {
            if (content.Length >= offset + start.Length && content.Slice(offset, start.Length).SequenceEqual(start))
                return kind;
        }
        ReadOnlySpan<byte> text = content.TrimStart(" \t\r\n\u00ef\u00bb\u00bf"u8);
        if (text.StartsWith("<"u8))
            return "an HTML or XML page: the download may have given an error page";
        // A model starts with its IR version, whose tag is no printable character; "{" is a tag that ONNX does not use.
        return text.StartsWith("{\""u8) || text.StartsWith("{ "u8) || text.StartsWith("{\n"u8) ? "JSON text" : null;
    }
}
