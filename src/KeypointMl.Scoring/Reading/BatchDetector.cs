using System.Threading.Channels;

namespace KeypointMl.Scoring;

/// <summary>Runs the detector on filled batches.</summary>
internal sealed class BatchDetector(ChannelReader<ScoringBatch> filled, ChannelWriter<ScoringBatch> detected)
{
    /// <summary>Works until no more batches come. What it fails of, the reader of the detected batches gets.</summary>
    public void Detect(CancellationToken cancellation)
    {
        try
        {
            while (filled.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult())
            {
                while (filled.TryRead(out ScoringBatch? batch))
                {
                    ScoringMetrics.BatchesWaiting.Add(-1);
                    batch.Run();
                    // There is room for every batch that exists.
                    detected.TryWrite(batch);
                }
            }
            detected.Complete();
        }
        catch (Exception e)
        {
            detected.Complete(e);
        }
    }
}
