using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>A row whose keypoints are detected when they are first asked for, and again when the input has moved on.</summary>
internal sealed class DetectionRow : DataViewRow
{
    private readonly KeypointDetectingTransformer transformer;
    private readonly DataViewRow input;
    private readonly bool[] active;
    private readonly float[] keypoints;
    private readonly float[] confidence;
    private readonly RowImageInput? image;
    private long detectedPosition = long.MinValue;
    private Box box;
    private Exception? failure;

    public DetectionRow(KeypointDetectingTransformer transformer, DataViewRow input, DataViewSchema schema, bool[] active)
    {
        this.transformer = transformer;
        this.input = input;
        this.active = active;
        Schema = schema;
        ModelContract contract = transformer.Detector.Contract;
        keypoints = new float[contract.KeypointCount * 2];
        confidence = new float[contract.KeypointCount];
        if (DetectionCursor.Detects(active, input.Schema))
        {
            var columns = transformer.Settings.FindInputs(input.Schema);
            var boxes = columns.Box is { } column ? new ReadAheadVectors<float>(input, column, capacity: 1) : null;
            image = RowImageInput.Create(
                new ImageInputParts(columns, ReadAheadColumn.Create(input, columns.Image, capacity: 1), boxes, contract, Capacity: 1),
                transformer.Options.Decoder);
        }
    }

    public override DataViewSchema Schema { get; }

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < input.Schema.Count ? input.IsColumnActive(input.Schema[column.Index]) : active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < input.Schema.Count)
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        if (!active[column.Index])
            throw Getters.Inactive(column);
        Delegate getter = transformer.Settings.Columns.Kind(column.Index - input.Schema.Count) switch
        {
            DetectedColumn.Confidence => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Detect().WriteConfidence(ref value)),
            DetectedColumn.Error => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = Detect().Reason),
            _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                Detect().WriteKeypoints(
                    transformer.Detector.Width, transformer.Detector.Height, transformer.Options.InterleaveConfidence, ref value)),
        };
        return Getters.Cast<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }

    private RowDetection Detect()
    {
        if (detectedPosition != input.Position)
        {
            // Rented for the moment only: nobody disposes of the rows of a prediction engine.
            using DetectorBatch batch = transformer.Detector.RentBatch(1);
            failure = Read(batch.Image(0).Span);
            if (failure is not null && !transformer.Marks(failure))
                throw image!.Explain(failure, input.Position);
            if (failure is null)
            {
                batch.Run(1);
                batch.Keypoints(0).CopyTo(keypoints);
                batch.Confidence(0).CopyTo(confidence);
                box = image!.Box(0);
            }
            detectedPosition = input.Position;
        }
        return new RowDetection { Keypoints = keypoints, Confidence = confidence, Box = box, Failure = failure };
    }

    private Exception? Read(Span<byte> destination)
    {
        try
        {
            image!.Fill(0, destination);
            image.Decode(0, destination);
            return null;
        }
        catch (Exception e) when (RowImageInput.IsAboutTheRow(e))
        {
            return e;
        }
    }
}
