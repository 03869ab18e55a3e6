using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace KeypointMl.Scoring.Inputs;

/// <summary>
/// Finds names that stand twice among many millions: eight bytes of each are kept while the files go by, and only where
/// two are equal are the files listed once more and the names compared.
/// </summary>
internal sealed class NameCheck
{
    private readonly List<ulong> hashes = [];

    /// <summary>How many files went by.</summary>
    public long Count => hashes.Count;

    /// <summary>Passes the files on.</summary>
    public IEnumerable<InputFile> Watch(IEnumerable<InputFile> files)
    {
        foreach (InputFile file in files)
        {
            hashes.Add(Hash(file.Name));
            yield return file;
        }
    }

    /// <summary>Complains about two files of one name.</summary>
    /// <param name="list">Lists the files again.</param>
    /// <exception cref="InvalidDataException">There are two; the message names them.</exception>
    public void RejectDoubles(Func<IEnumerable<InputFile>> list)
    {
        Span<ulong> sorted = CollectionsMarshal.AsSpan(hashes);
        sorted.Sort();
        var suspects = new HashSet<ulong>();
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
                suspects.Add(sorted[i]);
        }
        if (suspects.Count == 0)
            return;
        var seen = new Dictionary<string, (InputFile File, long Number)>(StringComparer.Ordinal);
        long number = 0;
        foreach (InputFile file in list())
        {
            number++;
            if (suspects.Contains(Hash(file.Name)) && !seen.TryAdd(file.Name, (file, number)))
            {
                (InputFile other, long place) = seen[file.Name];
                throw new InvalidDataException(other.Path == file.Path
                    ? $"The inputs name '{file.Path}' twice (files {place} and {number}); every input may stand once. "
                    + "Remove one of the two."
                    : $"Two inputs have the name '{file.Name}': '{other.Path}' and '{file.Path}'. Names tell the rows apart: "
                    + "give one of the sources a 'prefix'.");
            }
        }
    }

    private static ulong Hash(string name) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan()));
}
