using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace KeypointMl.Detection;

/// <content>The saved form: a version, the settings as JSON, and beside them in the model's zip the detector's graph.</content>
public sealed partial class KeypointDetectingTransformer
{
    internal const string LoaderSignature = "KeypointMlDetect";

    private const string ModelSignature = "KPMLDETK";
    private const int FormatVersion = 2;
    private const int OldestFormatVersion = 1;
    private const string GraphEntry = "detector.onnx";

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MlNetInternals.WriteHeader(ctx, ModelSignature, LoaderSignature, typeof(KeypointDetectingTransformer).Assembly);
        BinaryWriter writer = MlNetInternals.Writer(ctx);
        writer.Write(FormatVersion);
        writer.Write(SavedDetection.From(Settings).ToJson());
        MlNetInternals.SaveBinaryStream(ctx, GraphEntry, graph => graph.Write(Settings.Model));
    }

    // Found by ML.NET's component catalog under this name. Its second parameter is a ModelLoadContext, which is internal to ML.NET.
    private static KeypointDetectingTransformer Create(IHostEnvironment env, object ctx)
    {
        BinaryReader reader = MlNetInternals.Reader(ctx);
        int version = reader.ReadInt32();
        if (version is < OldestFormatVersion or > FormatVersion)
        {
            throw new InvalidDataException(
                $"The saved DetectKeypoints transform has format version {version}; "
                + $"this KeypointMl reads versions {OldestFormatVersion} to {FormatVersion}. "
                + $"{(version > FormatVersion ? "Update KeypointMl." : "The model file is damaged; save it again.")}");
        }
        var saved = SavedDetection.FromJson(SettingsText.Read(reader));
        byte[] graph = MlNetInternals.LoadBinaryStream(ctx, GraphEntry);
        return new KeypointDetectingTransformer(saved.ToSettings(graph, GraphEntry, ContextDevice.Of(env)));
    }
}
