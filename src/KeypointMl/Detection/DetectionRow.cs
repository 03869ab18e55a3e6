using KeypointMl.Inference;
using KeypointMl.Poses;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>A row whose keypoints are detected when they are first asked for, and again when the input has moved on.</summary>
internal sealed class DetectionRow : DataViewRow
{
    private readonly KeypointDetectingTransformer transformer;
    private readonly DataViewRow input;
    private readonly bool[] active;
    private readonly float[] keypoints;
    private readonly float[] confidence;
    private readonly ReadAheadColumn? source;
    private readonly ImageInput? image;
    private long detectedPosition = long.MinValue;
    private Box box;

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
            DataViewSchema.Column column = ImageColumns.Find(input.Schema, transformer.InputColumnName);
            source = ReadAheadColumn.Create(input, column, capacity: 1);
            image = ImageInput.Create(source, column.Name, transformer.Options.Decoder, contract, capacity: 1);
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
        ValueGetter<VBuffer<float>> getter = column.Index == input.Schema.Count ? GetKeypoints : GetConfidence;
        return Getters.Cast<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }

    private void GetKeypoints(ref VBuffer<float> value)
    {
        Detect();
        Getters.WriteKeypoints(keypoints, box, transformer.Detector.Width, transformer.Detector.Height, ref value);
    }

    private void GetConfidence(ref VBuffer<float> value)
    {
        Detect();
        Getters.Write(confidence, ref value);
    }

    private void Detect()
    {
        if (detectedPosition == input.Position)
            return;
        // Rented for the moment only: nobody disposes of the rows of a prediction engine.
        using DetectorBatch batch = transformer.Detector.RentBatch(1);
        try
        {
            source!.Fill(0);
            image!.Take(0, batch.Image(0).Span);
            image.Decode(0, batch.Image(0).Span);
        }
        catch (Exception e) when (image!.Explain(e, input.Position) is var explained && explained != e)
        {
            throw explained;
        }
        batch.Run(1);
        batch.Keypoints(0).CopyTo(keypoints);
        batch.Confidence(0).CopyTo(confidence);
        box = image.Box(0);
        detectedPosition = input.Position;
    }
}
