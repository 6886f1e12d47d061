using SparseModelApp;

// Digits drawn by a generator. Mnist.Load reads the real ones from their four files.
var (train, mean, deviation) = SyntheticDigits.Generate(20_000, seed: 1).Standardize();
var test = SyntheticDigits.Generate(2_000, seed: 2).Normalize(mean, deviation);

using var model = new DigitNet(seed: 1);
using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9), new() { OnEpoch = Console.WriteLine });
trainer.Train(train, epochs: 3, batchSize: 128, validation: test);

model.Save("digits.safetensors");
using var loaded = DigitNet.Load("digits.safetensors");

var scores = new float[10];
loaded.Predict(test.Inputs[..784], scores);
Console.WriteLine($"The first test image shows a {test.Labels[0]}; the loaded model says {Array.IndexOf(scores, scores.Max())}.");
