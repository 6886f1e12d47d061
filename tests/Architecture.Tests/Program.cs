using SparseSharp.Architecture.Tests;

// Prints the floors of the runtime, its rooms with their files, what each room uses, and the circles of files.
var graph = FileGraph.Read(Floors.Runtime);
Floors.Print(graph, Console.Out);
