using System.Text;

namespace KeypointMl.Rows;

/// <summary>The settings of a saved transform: text as <see cref="BinaryWriter.Write(string)"/> writes it, of a model that may
/// come from anywhere.</summary>
internal static class SettingsText
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="InvalidDataException">It ends too early, or claims to be longer than any settings.</exception>
    public static string Read(BinaryReader reader)
    {
        try
        {
            int length = reader.Read7BitEncodedInt();
            if (length is < 0 or > MaxBytes)
            {
                throw new InvalidDataException(
                    $"The settings of a saved transform claim {length} bytes; at most {MaxBytes} are allowed. The model file is damaged: "
                    + "save the model again.");
            }
            byte[] bytes = new byte[length];
            reader.BaseStream.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException(
                "The settings of a saved transform end too early. The model file is damaged: save the model again.", e);
        }
    }
}
