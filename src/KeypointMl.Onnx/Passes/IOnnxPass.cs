namespace KeypointMl.Onnx;

/// <summary>A change of a graph that keeps what it computes.</summary>
public interface IOnnxPass
{
    /// <summary>Changes a model in place.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="OnnxException">The graph breaks a rule of ONNX (see <see cref="OnnxChecker"/>).</exception>
    /// <returns>How many places were changed.</returns>
    int Apply(OnnxModel model);
}
