namespace KeypointMl.Training;

/// <summary>The arithmetic of an exported graph. Its inputs and outputs are the contract's in each.</summary>
public enum ExportPrecision
{
    /// <summary><c>fp32</c>: 32-bit floats, as trained.</summary>
    Float32,

    /// <summary><c>fp16</c>: 16-bit floats, with 32-bit islands where sums and coordinates need them (<see cref="Onnx.Float16Conversion"/>): half the file.</summary>
    Float16,

    /// <summary><c>int8</c>: 8-bit integers in QDQ form (<see cref="Onnx.OnnxQuantizer"/>), calibrated on training frames. For detectors.</summary>
    Int8,
}
