using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>Reads the numbers that a model stores.</summary>
public static class OnnxWeights
{
    /// <summary>The numbers of a stored tensor of 32-bit floats, row-major in its <see cref="OnnxInitializer.Dimensions"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="initializer">The tensor's name, one of <see cref="OnnxModel.Initializers"/>.</param>
    /// <exception cref="ArgumentException">There is no such tensor, or it is of another type.</exception>
    public static float[] ReadFloats(this OnnxModel model, string initializer)
    {
        TensorProto tensor = model.Proto.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == initializer)
            ?? throw new ArgumentException(
                $"The graph '{model.GraphName}' has no stored tensor '{initializer}'; {nameof(OnnxModel)}.{nameof(OnnxModel.Initializers)} has the "
                + "names of those there are.",
                nameof(initializer));
        return TensorData.Floats(tensor).ToArray();
    }
}
