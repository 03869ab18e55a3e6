using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Sinks;

/// <summary>What DeepLabCut's files are called, and that each is for one video, or for images.</summary>
internal static class DeepLabCutFiles
{
    /// <summary>The end of the name of an HDF5 file.</summary>
    public const string Hdf5 = ".h5";

    /// <summary>The end of the name of a CSV file.</summary>
    public const string Csv = ".deeplabcut.csv";

    /// <summary>Whether a file is one for DeepLabCut.</summary>
    public static bool IsOne(string path) => EndsWith(path, Hdf5) || EndsWith(path, Csv);

    /// <summary>Refuses inputs that one file cannot hold, passing the others on.</summary>
    /// <exception cref="InvalidDataException">While enumerating: a file is for DeepLabCut, and there is a video among others.</exception>
    public static IEnumerable<InputFile> Check(IEnumerable<string> outputs, IEnumerable<InputFile> inputs)
    {
        string? file = outputs.FirstOrDefault(IsOne);
        InputFile? first = null;
        foreach (InputFile input in inputs)
        {
            if (file is not null && first is not null && !(first.IsImage && input.IsImage) && first.Name != input.Name)
            {
                throw new InvalidDataException(
                    $"The output '{PrintableText.Of(file)}' is for DeepLabCut, which has a file for each video; there are "
                    + $"'{PrintableText.Of(first.Name)}' and '{PrintableText.Of(input.Name)}'. Score each video by itself, or take "
                    + "another format.");
            }
            first ??= input;
            yield return input;
        }
    }

    private static bool EndsWith(string path, string end) => path.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
