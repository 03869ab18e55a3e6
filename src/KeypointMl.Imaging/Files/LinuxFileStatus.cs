using System.Runtime.InteropServices;

namespace KeypointMl.Imaging.Files;

/// <summary>
/// What Linux knows of a file, links followed (<c>statx(2)</c>, whose structure is the same on every processor).
/// </summary>
/// <param name="Mode">Its kind and permissions.</param>
/// <param name="Device">The file system.</param>
/// <param name="Number">Its number there (inode).</param>
internal readonly partial record struct LinuxFileStatus(int Mode, ulong Device, ulong Number)
{
    private const int KindBits = 0xF000;
    private const int CurrentFolder = -100;
    private const uint BasicFields = 0x7FF;

    /// <summary>Whether this system can be asked.</summary>
    public static bool IsKnown { get; } = OperatingSystem.IsLinux() && Try("/", out _);

    /// <summary>What kind of thing it is, in words; null for a regular file.</summary>
    public string? OddKind => (Mode & KindBits) switch
    {
        0x8000 => null,
        0x4000 => "a folder",
        0x1000 => "a pipe (FIFO)",
        0xC000 => "a socket",
        0x2000 or 0x6000 => "a device",
        _ => "no file",
    };

    /// <summary>Of a path; null where nothing is there, or it cannot be looked at.</summary>
    public static LinuxFileStatus? Of(string path) => Try(path, out Fields fields)
        ? new(fields.Mode, ((ulong)fields.DeviceMajor << 32) | fields.DeviceMinor, fields.Inode)
        : null;

    private static bool Try(string path, out Fields fields)
    {
        try
        {
            return Statx(CurrentFolder, path, 0, BasicFields, out fields) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            fields = default;
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out Fields fields);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Fields
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
