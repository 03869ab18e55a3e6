namespace KeypointMl.Scoring;

/// <summary>Where drawings of inputs go.</summary>
internal static class OverlayPath
{
    /// <summary>A path inside a folder that follows from an input's name. A name from a list may be absolute or lead out of its folder; its drawing stays inside this one.</summary>
    public static string Of(string folder, string source)
    {
        string[] parts = [.. source.Split('/', '\\').Where(part => part.Length > 0 && part is not ("." or "..")).Select(part => part.Replace(':', '_'))];
        return Path.Combine([Path.GetFullPath(folder), .. parts]);
    }

    /// <summary>Refuses inputs that their own drawing would overwrite, passing the others on.</summary>
    /// <param name="folder">The folder for the drawings.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="drawing">The path of an input's drawing; null where it has none.</param>
    /// <exception cref="InvalidDataException">While enumerating: the drawing of an input would replace the input itself.</exception>
    public static IEnumerable<InputFile> Check(string folder, IEnumerable<InputFile> inputs, Func<InputFile, string?> drawing)
    {
        foreach (InputFile input in inputs)
        {
            if (Path.GetFullPath(input.Path) == drawing(input))
                throw new InvalidDataException($"The overlay of '{input.Path}' would replace it. Give another folder than '{folder}' for the overlays.");
            yield return input;
        }
    }
}
