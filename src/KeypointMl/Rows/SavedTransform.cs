using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace KeypointMl.Rows;

/// <summary>
/// The saved form of a <see cref="RowTransformer"/>: ML.NET's header, a version, the settings as JSON; graphs lie
/// beside it as entries of the model's zip.
/// </summary>
/// <param name="Name">The transform's name in messages.</param>
/// <param name="ModelSignature">8 characters that say what follows ML.NET's header.</param>
/// <param name="LoaderSignature">The name by which ML.NET finds the loader; at most 24 characters.</param>
/// <param name="Version">The version of the format that is written.</param>
/// <param name="OldestVersion">The oldest one that is read.</param>
internal sealed record SavedTransform(
    string Name, string ModelSignature, string LoaderSignature, int Version = 1, int OldestVersion = 1)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            new SkeletonConverter(), new DeviceConverter(), new ColorConverter() },
    };

    /// <param name="context">Where it is written.</param>
    /// <param name="settings">What is written as JSON.</param>
    /// <param name="graphs">What is written beside it.</param>
    public void Write(ModelSaveContext context, object settings, IEnumerable<(string Entry, byte[] Graph)> graphs)
    {
        MlNetInternals.WriteHeader(context, ModelSignature, LoaderSignature, typeof(SavedTransform).Assembly);
        BinaryWriter writer = MlNetInternals.Writer(context);
        writer.Write(Version);
        writer.Write(ToJson(settings));
        foreach ((string entry, byte[] graph) in graphs)
            MlNetInternals.SaveBinaryStream(context, entry, stream => stream.Write(graph));
    }

    /// <param name="context">A <c>ModelLoadContext</c>, which is internal to ML.NET.</param>
    /// <param name="check">Refuses, by an <see cref="ArgumentException"/>, settings that no estimator would make; null for nobody.</param>
    /// <exception cref="InvalidDataException">
    /// The version is another one, or the settings are not what <see cref="Write"/> wrote.
    /// </exception>
    public T Read<T>(object context, Action<T>? check = null)
        where T : class
    {
        BinaryReader reader = MlNetInternals.Reader(context);
        int version = reader.ReadInt32();
        if (version < OldestVersion || version > Version)
        {
            throw new InvalidDataException(
                $"The saved {Name} transform has format version {version}; this KeypointMl reads "
                + $"{(OldestVersion == Version ? $"version {Version}" : $"versions {OldestVersion} to {Version}")}. "
                + $"{(version > Version ? "Update KeypointMl." : "The model file is damaged; save it again.")}");
        }
        T settings = FromJson<T>(SettingsText.Read(reader));
        try
        {
            check?.Invoke(settings);
        }
        catch (ArgumentException e)
        {
            throw Damaged(e);
        }
        return settings;
    }

    /// <summary>The settings as they are saved.</summary>
    public static string ToJson(object settings) => JsonSerializer.Serialize(settings, settings.GetType(), Json);

    /// <exception cref="InvalidDataException">They are not what <see cref="ToJson"/> wrote.</exception>
    public T FromJson<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json) ?? throw new JsonException("They are null.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidDataException)
        {
            throw Damaged(e);
        }
    }

    /// <summary>The settings could be read, and say what cannot be.</summary>
    public InvalidDataException Damaged(Exception e) =>
        new($"The settings of a saved {Name} transform are damaged: {e.Message} Save the model again.", e);

    private sealed class SkeletonConverter : TextConverter<Poses.Skeletons.Skeleton>
    {
        protected override Poses.Skeletons.Skeleton Parse(string text) => Poses.Skeletons.Skeleton.FromJson(text);

        protected override string Format(Poses.Skeletons.Skeleton value) => value.ToJson();
    }

    private sealed class DeviceConverter : TextConverter<Inference.Devices.KeypointDevice>
    {
        protected override Inference.Devices.KeypointDevice Parse(string text) => Inference.Devices.KeypointDevice.Parse(text);

        protected override string Format(Inference.Devices.KeypointDevice value) => value.ToString();
    }

    private sealed class ColorConverter : TextConverter<Imaging.Images.RgbColor>
    {
        protected override Imaging.Images.RgbColor Parse(string text) => Imaging.Images.RgbColor.Parse(text);

        protected override string Format(Imaging.Images.RgbColor value) => value.ToString();
    }

    /// <summary>A value that stands in JSON as the text that it parses.</summary>
    private abstract class TextConverter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is null."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

        protected abstract T Parse(string text);

        protected abstract string Format(T value);
    }
}
