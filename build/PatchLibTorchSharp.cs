using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Makes a copy of libLibTorchSharp.so load on systems whose libstdc++ is older than GCC 13's. See TorchSharp.LinuxCompat.targets.</summary>
public sealed class PatchLibTorchSharp : Task
{
    private const string MissingSymbol = "_ZSt21ios_base_library_initv";
    private const string Replacement = "_ZNSt8ios_base4InitC1Ev";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string BaseVersion = "GLIBCXX_3.4";

    [Required]
    public string Library { get; set; }

    /// <summary>"true" or "false" overrides the look at the system's libstdc++.</summary>
    public string Decision { get; set; }

    private byte[] elf;

    public override bool Execute()
    {
        if (!Wanted())
            return true;
        elf = File.ReadAllBytes(Library);
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[4] != 2 || elf[5] != 1)
        {
            Log.LogError("{0} is not a 64-bit little-endian ELF file; set KeypointPatchLibTorchSharp=false to leave it alone", Library);
            return false;
        }

        long dynstr = 0, dynsym = 0, dynsymSize = 0, versym = 0, verneed = 0;
        long sections = U64(0x28);
        int entry = U16(0x3A), count = U16(0x3C);
        long names = U64(sections + U16(0x3E) * entry + 24);
        for (int i = 0; i < count; i++)
        {
            long s = sections + i * entry;
            long offset = U64(s + 24);
            switch (Text(names + U32(s)))
            {
                case ".dynstr": dynstr = offset; break;
                case ".dynsym": dynsym = offset; dynsymSize = U64(s + 32); break;
                case ".gnu.version": versym = offset; break;
                case ".gnu.version_r": verneed = offset; break;
            }
        }

        long symbol = -1, symbolName = 0;
        for (long i = 0; i < dynsymSize / 24; i++)
        {
            long name = dynstr + U32(dynsym + 24 * i);
            if (Text(name) == MissingSymbol)
            {
                symbol = i;
                symbolName = name;
            }
        }
        if (symbol < 0)
            return true; // patched by an earlier build, or a TorchSharp that no longer needs it

        long missing = -1, known = -1;
        for (long need = verneed; ;)
        {
            long aux = need + U32(need + 8);
            for (int i = 0; i < U16(need + 2); i++)
            {
                string version = Text(dynstr + U32(aux + 8));
                if (version == BaseVersion)
                    known = aux;
                if (version == MissingVersion)
                    missing = aux;
                aux += U32(aux + 12);
            }
            long next = U32(need + 12);
            if (next == 0)
                break;
            need += next;
        }
        if (known < 0 || missing < 0)
        {
            Log.LogError("{0}: the table of symbol versions is not the expected one; set KeypointPatchLibTorchSharp=false to leave the file alone", Library);
            return false;
        }

        byte[] replacement = Encoding.ASCII.GetBytes(Replacement + "\0");
        Array.Copy(replacement, 0, elf, symbolName, replacement.Length);
        Array.Copy(elf, known + 6, elf, versym + 2 * symbol, 2);   // the symbol asks for the old version…
        Array.Copy(elf, known, elf, missing, 4);                   // …and the entry of the new one becomes a second request for the old: hash…
        Array.Copy(elf, known + 8, elf, missing + 8, 4);           // …and name
        // A new file, never a write in place: the output may be a hard link into the package cache.
        string temporary = Library + ".patched";
        File.WriteAllBytes(temporary, elf);
        File.Delete(Library);
        File.Move(temporary, Library);
        Log.LogMessage(MessageImportance.Normal, "{0}: rewritten for a libstdc++ older than GCC 13", Library);
        return true;
    }

    private bool Wanted()
    {
        if (!string.IsNullOrEmpty(Decision))
            return string.Equals(Decision, "true", StringComparison.OrdinalIgnoreCase);
        foreach (string folder in new[] { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib", "/usr/local/lib64" })
        {
            string path = Path.Combine(folder, "libstdc++.so.6");
            if (File.Exists(path))
                return Encoding.ASCII.GetString(File.ReadAllBytes(path)).IndexOf(MissingVersion + "\0", StringComparison.Ordinal) < 0;
        }
        return false;
    }

    private int U16(long o) { return BitConverter.ToUInt16(elf, (int)o); }

    private long U32(long o) { return BitConverter.ToUInt32(elf, (int)o); }

    private long U64(long o) { return (long)BitConverter.ToUInt64(elf, (int)o); }

    private string Text(long o)
    {
        int end = (int)o;
        while (elf[end] != 0)
            end++;
        return Encoding.ASCII.GetString(elf, (int)o, end - (int)o);
    }
}
