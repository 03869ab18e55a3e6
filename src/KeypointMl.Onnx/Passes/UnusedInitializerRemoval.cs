namespace KeypointMl.Onnx;

/// <summary>Removes stored tensors that nothing reads, nested graphs included. The default of an input stays: it says what the caller need not feed.</summary>
public sealed class UnusedInitializerRemoval : IOnnxPass
{
    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        int removed = edits.RemoveUnusedInitializers();
        edits.Commit();
        return removed;
    }
}
