// Loads a saved ML.NET model and prints the keypoints of one image: KeypointMl.FreshProcess MODEL.zip IMAGE [registered]
// Without the last word nothing of KeypointMl is touched before the model is loaded.
// Or opens one door and prints what it says where its native library is missing: KeypointMl.FreshProcess model FILE.onnx | picture FILE
using System.Globalization;
using KeypointMl;
using KeypointMl.FreshProcess;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using Microsoft.ML;

if (args is ["model" or "picture", var file])
{
    try
    {
        if (args[0] == "model")
            KeypointDetector.Load(file).Dispose();
        else
            ImageDecoder.Decode(file);
    }
    catch (DllNotFoundException e)
    {
        Console.WriteLine(e.Message);
    }
    return;
}
var mlContext = new MLContext();
if (args is [_, _, "registered"])
    mlContext.UseKeypointMl();
ITransformer model = mlContext.Model.Load(args[0], out _);
using PredictionEngine<InputRow, KeypointPrediction> engine = mlContext.Model.CreatePredictionEngine<InputRow, KeypointPrediction>(model);
KeypointPrediction prediction = engine.Predict(new InputRow { Path = args[1] });
Console.WriteLine(string.Join(' ', prediction.Keypoints.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
