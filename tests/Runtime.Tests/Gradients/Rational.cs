using System.Numerics;

namespace SparseSharp.Runtime.Tests.Gradients;

/// <summary>An exact fraction.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (_numerator, _denominator) = (numerator / divisor, denominator / divisor);
    }

    public static Rational Zero => new(0, 1);

    public static Rational One => new(1, 1);

    /// <summary>The exact value of a multiple of 1/1024.</summary>
    public static Rational From(double value)
    {
        Assert.Equal(Math.Round(value * 1024), value * 1024);
        return new(new BigInteger(value * 1024), 1024);
    }

    /// <summary>What is left of it in [0, 1).</summary>
    public Rational Fraction =>
        this - new Rational((_numerator - (((_numerator % _denominator) + _denominator) % _denominator)) / _denominator, 1);

    public Rational Magnitude => new(BigInteger.Abs(_numerator), _denominator);

    public static Rational operator +(Rational a, Rational b) =>
        new((a._numerator * b._denominator) + (b._numerator * a._denominator), a._denominator * b._denominator);

    public static Rational operator -(Rational a, Rational b) => a + new Rational(-b._numerator, b._denominator);

    public static Rational operator *(Rational a, Rational b) => new(a._numerator * b._numerator, a._denominator * b._denominator);

    public static Rational operator /(Rational a, Rational b) => new(a._numerator * b._denominator, a._denominator * b._numerator);

    public static explicit operator double(Rational value) => (double)value._numerator / (double)value._denominator;

    public int CompareTo(Rational other) => (_numerator * other._denominator).CompareTo(other._numerator * _denominator);

    public bool Equals(Rational other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_numerator, _denominator);

    public override string ToString() => $"{_numerator}/{_denominator}";
}
