using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using KeypointMl.Imaging.Images;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class TensorBoardLogTests
{
    [TestMethod]
    public void Add_scalars_and_picture_writes_a_valid_event_file()
    {
        using var folder = new TemporaryFolder();
        var picture = new RgbImage(3, 2, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 14))]);
        File.WriteAllBytes(folder["grid.png"], ImageWriter.EncodePng(picture));
        var log = new TensorBoardLog(folder["tensorboard"]);

        log.Add(new TrainingLogEntry
        {
            Step = 7,
            Seconds = 1,
            ImagesPerSecond = 32,
            Losses = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("adversarial", 0.25)]),
            Evaluation = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("error_percent_of_image", 2.5)]),
        });
        log.AddPicture("samples", folder["grid.png"], 7);

        byte[][] records = [.. ReadRecords(File.ReadAllBytes(Directory.GetFiles(folder["tensorboard"]).Single()))];
        Assert.Contains("brain.Event:2", Encoding.Latin1.GetString(records[0]));
        Assert.HasCount(5, records);
        AssertScalar(records[1], "loss/adversarial", 0.25f);
        AssertScalar(records[2], "evaluation/error_percent_of_image", 2.5f);
        AssertScalar(records[3], "images_per_second", 32);
        Assert.IsGreaterThan(0, records[4].AsSpan().IndexOf("samples"u8));
        // Encoded again, by the writer's own hand.
        byte[] png = records[4][records[4].AsSpan().IndexOf((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47])..];
        CollectionAssert.AreEqual(picture.Pixels, ImageDecoder.Decode(png, "grid.png").Pixels);
    }

    private static void AssertScalar(byte[] record, string tag, float value)
    {
        // Summary.Value { tag = 1, simple_value = 2 (wire type 5) } of tensorflow's summary.proto.
        byte[] expected = [0x0A, (byte)tag.Length, .. Encoding.UTF8.GetBytes(tag), 0x15, .. BitConverter.GetBytes(value)];
        Assert.IsGreaterThan(0, record.AsSpan().IndexOf(expected), $"no scalar '{tag}' = {value}");
        Assert.IsGreaterThan(0, record.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x10, 7]), "no step 7");
    }

    /// <summary>The TFRecord format: length, its masked CRC-32C, data, the data's masked CRC-32C.</summary>
    private static IEnumerable<byte[]> ReadRecords(byte[] file)
    {
        for (int position = 0; position < file.Length;)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(position)));
            Assert.AreEqual(MaskedCrc(file.AsSpan(position, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position + 8)),
                "checksum of the length");
            byte[] data = file[(position + 12)..(position + 12 + length)];
            Assert.AreEqual(MaskedCrc(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position + 12 + length)),
                "checksum of the data");
            yield return data;
            position += 16 + length;
        }
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0x82F63B78 & (0 - (crc & 1)));
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
