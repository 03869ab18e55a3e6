using KeypointMl.Onnx.Model;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Onnx.Quantization;

/// <summary>Runs a model on calibration batches, on one thread of the CPU, so that its results depend on nothing else.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly Dictionary<string, OnnxElementType> inputs;
    private readonly string[] outputs;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="outputs">What to compute: outputs of the graph, or inner values of 32-bit floats.</param>
    /// <exception cref="OnnxException">ONNX Runtime refuses the model, or its native library is missing.</exception>
    public ModelRunner(OnnxModel model, IReadOnlyCollection<string> outputs)
    {
        inputs = model.Inputs.ToDictionary(input => input.Name, input => input.ElementType, StringComparer.Ordinal);
        this.outputs = [.. outputs];
        OnnxModel probed = model.Clone();
        var known = model.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string name in outputs.Where(known.Add))
            probed.Proto.Graph.Output.Add(new OnnxValueInfo(name, OnnxElementType.Float, default).ToProto());
        try
        {
            OnnxRuntimeNatives.Require();
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            IntegerOverflow.Avoid(options);
            session = new InferenceSession(probed.ToArray(), options);
        }
        catch (DllNotFoundException exception)
        {
            throw new OnnxException($"Quantisation runs the model. {exception.Message}", exception);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxException(
                $"ONNX Runtime refuses the graph '{model.GraphName}': {exception.Message} Export the model again.", exception);
        }
    }

    /// <summary>Runs one batch.</summary>
    /// <param name="batch">Values for every input.</param>
    /// <param name="number">The batch's number from 0, for messages.</param>
    /// <param name="take">Gets the name and the elements of each output.</param>
    /// <exception cref="OnnxException">The batch does not fit the model, or the run fails.</exception>
    public void Run(CalibrationBatch batch, int number, SpanAction take)
    {
        Check(batch, number);
        string[] names = [.. batch.Inputs.Select(input => input.Name)];
        OrtValue[] values = [.. names.Select(batch.CreateTensor)];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, names, values, outputs);
            for (int index = 0; index < outputs.Length; index++)
                take(outputs[index], results[index].GetTensorDataAsSpan<float>());
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxException(
                $"Calibration batch {number}: ONNX Runtime cannot run the model on it: "
                + $"{exception.Message} Give inputs of the shapes that the model declares.", exception);
        }
        finally
        {
            foreach (OrtValue value in values)
                value.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        options.Dispose();
        session.Dispose();
    }

    private void Check(CalibrationBatch batch, int number)
    {
        string expected = string.Join(", ", inputs.Select(input => $"{input.Key} ({input.Value})"));
        string found = string.Join(", ", batch.Inputs.Select(input => $"{input.Name} ({input.Type})"));
        if (inputs.Count != batch.Inputs.Count()
            || batch.Inputs.Any(input => !inputs.TryGetValue(input.Name, out OnnxElementType type) || type != input.Type))
        {
            throw new OnnxException(
                $"Calibration batch {number} has the inputs {found}; the model needs {expected}. Give a value for each, of its type.");
        }
    }

    /// <summary>Takes one result of a run; the elements are valid during the call.</summary>
    internal delegate void SpanAction(string name, ReadOnlySpan<float> elements);
}
