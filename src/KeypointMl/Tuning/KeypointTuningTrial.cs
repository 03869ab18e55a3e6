namespace KeypointMl;

/// <summary>One way of running a detector, and how fast it was.</summary>
/// <param name="IntraOpThreads">The threads of one run of the graph; 0: ONNX Runtime's choice.</param>
/// <param name="ParallelRuns">How many batches were in the graph at the same time.</param>
/// <param name="BatchSize">The images of one batch.</param>
/// <param name="ImagesPerSecond">The images that went through the graph in a second, decoding not included.</param>
public sealed record KeypointTuningTrial(int IntraOpThreads, int ParallelRuns, int BatchSize, double ImagesPerSecond);
