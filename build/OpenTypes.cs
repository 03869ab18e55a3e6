using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a .NET assembly, in the copy setting the visibility of some internal types to public (ECMA-335, II.22.37 and II.23.1.15), so that source code can name them. For the
/// compiler only. See MlNetLoadableClass.targets.
/// </summary>
public sealed class OpenTypes : Task
{
    private const int ModuleTable = 0, TypeRefTable = 1, TypeDefTable = 2, FieldTable = 4, MethodTable = 6, ModuleRefTable = 26, TypeSpecTable = 27, AssemblyRefTable = 35;

    private byte[] image;
    private long strings;
    private int stringSize;
    private readonly int[] rows = new int[64];

    [Required]
    public string Assembly { get; set; }

    [Required]
    public string Copy { get; set; }

    /// <summary>Full names of the types, separated by semicolons.</summary>
    [Required]
    public string Types { get; set; }

    public override bool Execute()
    {
        image = File.ReadAllBytes(Assembly);
        var wanted = new HashSet<string>(Types.Split(';').Select(type => type.Trim()).Where(type => type.Length > 0));
        Open(wanted);
        if (wanted.Count > 0)
        {
            Log.LogError("{0} has no type {1}; this build is made for another version of it", Assembly, string.Join(", ", wanted));
            return false;
        }
        // An unchanged copy keeps its time, so that nothing is compiled again for it.
        if (!File.Exists(Copy) || !File.ReadAllBytes(Copy).SequenceEqual(image))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Copy));
            File.WriteAllBytes(Copy, image);
        }
        return true;
    }

    private void Open(HashSet<string> wanted)
    {
        long metadata = FindMetadata();
        long tables = 0;
        long stream = metadata + 16 + U32(metadata + 12) + 4;
        for (int left = U16(stream - 2); left > 0; left--)
        {
            string name = Text(stream + 8);
            if (name == "#~")
                tables = metadata + U32(stream);
            if (name == "#Strings")
                strings = metadata + U32(stream);
            stream += 8 + (name.Length + 4) / 4 * 4;
        }

        int heaps = image[tables + 6];
        stringSize = (heaps & 1) != 0 ? 4 : 2;
        int guidSize = (heaps & 2) != 0 ? 4 : 2;
        long at = tables + 24;
        for (int table = 0; table < 64; table++)
        {
            if ((image[tables + 8 + table / 8] >> (table % 8) & 1) == 0)
                continue;
            rows[table] = (int)U32(at);
            at += 4;
        }
        at += (long)rows[ModuleTable] * (2 + stringSize + 3 * guidSize);
        at += (long)rows[TypeRefTable] * (Coded(2, ModuleTable, ModuleRefTable, AssemblyRefTable, TypeRefTable) + 2 * stringSize);
        int typeDef = 4 + 2 * stringSize + Coded(2, TypeDefTable, TypeRefTable, TypeSpecTable) + Coded(0, FieldTable) + Coded(0, MethodTable);
        for (int row = 0; row < rows[TypeDefTable]; row++, at += typeDef)
        {
            string name = Heap(at + 4), space = Heap(at + 4 + stringSize);
            if (wanted.Remove(space + "." + name))
                image[at] = (byte)(image[at] & ~7 | 1); // VisibilityMask, Public
        }
    }

    private long FindMetadata()
    {
        long header = U32(0x3C) + 4;
        int sections = U16(header + 2), optionalSize = U16(header + 16);
        long optional = header + 20;
        long directories = optional + (U16(optional) == 0x20B ? 112 : 96);
        long table = optional + optionalSize;
        long cli = Offset(U32(directories + 14 * 8), table, sections);
        return Offset(U32(cli + 8), table, sections);
    }

    private long Offset(long rva, long table, int sections)
    {
        for (int i = 0; i < sections; i++)
        {
            long start = U32(table + 40 * i + 12);
            if (rva >= start && rva < start + U32(table + 40 * i + 16))
                return rva - start + U32(table + 40 * i + 20);
        }
        throw new InvalidDataException(Assembly + " is not a .NET assembly");
    }

    // The size of an index into one of several tables, with some bits for which.
    private int Coded(int bits, params int[] tables)
    {
        return tables.Max(table => rows[table]) < 1 << (16 - bits) ? 2 : 4;
    }

    private string Heap(long at)
    {
        return Text(strings + (stringSize == 4 ? U32(at) : U16(at)));
    }

    private string Text(long at)
    {
        long end = at;
        while (image[end] != 0)
            end++;
        return Encoding.UTF8.GetString(image, (int)at, (int)(end - at));
    }

    private int U16(long at)
    {
        return BitConverter.ToUInt16(image, (int)at);
    }

    private long U32(long at)
    {
        return BitConverter.ToUInt32(image, (int)at);
    }
}
