#include "numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace stormtrack {
namespace {

constexpr std::ptrdiff_t longest_plain = 1000;
constexpr std::size_t digits_kept = 800; // no value half way between two doubles has more than 768
constexpr int decimals = 6;
constexpr std::int64_t far = 1'000'000'000'000;

bool is_digit(char c) { return '0' <= c && c <= '9'; }

char lower(char letter) { return static_cast<char>(letter | 0x20); }

bool is_hexadecimal(char c) { return is_digit(c) || ('a' <= lower(c) && lower(c) <= 'f'); }

/// The place behind `word` (lower case) if it stands at `at` in any case, else null.
const char *behind(std::string_view word, const char *at, const char *end)
{
    if (static_cast<std::size_t>(end - at) < word.size()) {
        return nullptr;
    }
    const bool same = std::equal(word.begin(), word.end(), at, [](char w, char c) { return w == lower(c); });
    return same ? at + word.size() : nullptr;
}

/// The significant digits of a number, which is 0.DIGITS times radix**power times (10 or 2)**exponent.
struct Digits {
    std::string kept;
    std::int64_t power = 0, exponent = 0;

    Digits(const char *at, const char *end, char mark)
    {
        bool point = false, dropped = false;
        for (; at < end && lower(*at) != mark; ++at) {
            if (*at == '.') {
                point = true;
            } else if (kept.empty() && *at == '0') {
                power -= point;
            } else {
                power += !point;
                if (kept.size() < digits_kept) {
                    kept += *at;
                } else {
                    dropped |= *at != '0';
                }
            }
        }
        if (dropped) {
            kept += '1';
        }
        if (at < end) {
            read_exponent(at + 1, end);
        }
    }

    void read_exponent(const char *at, const char *end)
    {
        const bool negative = *at == '-';
        for (at += negative || *at == '+'; at < end; ++at) {
            exponent = std::min(far, exponent * 10 + (*at - '0'));
        }
        exponent = negative ? -exponent : exponent;
    }
};

/// Infinite or 0, for a number that no Real holds.
template <class Real> Real beyond(std::int64_t scale)
{
    return scale > 0 ? std::numeric_limits<Real>::infinity() : Real(0);
}

/// A decimal number that is very long or out of range.
template <class Real> Real long_decimal(const char *at, const char *end)
{
    const Digits digits(at, end, 'e');
    if (digits.kept.empty()) {
        return Real(0);
    }
    const std::int64_t scale = digits.power + digits.exponent;
    const std::string text = "0." + digits.kept + "e" + std::to_string(std::clamp<std::int64_t>(scale, -9999, 9999));
    Real value{};
    const auto [last, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() ? value : beyond<Real>(scale);
}

template <class Real> Parsed<Real> read_decimal(const char *at, const char *end)
{
    Real value{};
    const auto [last, problem] = std::from_chars(at, end, value);
    if (problem == std::errc::invalid_argument) {
        return {};
    }
    if (problem == std::errc::result_out_of_range || last - at > longest_plain) {
        value = long_decimal<Real>(at, last);
    }
    return {value, last};
}

/// A hexadecimal float behind its 0x.
template <class Real> Parsed<Real> read_hexadecimal(const char *at, const char *end)
{
    Real value{};
    if (at == end || !(is_hexadecimal(*at) || *at == '.')) {
        return {};
    }
    const auto [last, problem] = std::from_chars(at, end, value, std::chars_format::hex);
    if (problem == std::errc::invalid_argument) {
        return {};
    }
    if (problem == std::errc::result_out_of_range) {
        const Digits digits(at, last, 'p');
        value = beyond<Real>(4 * digits.power + digits.exponent);
    }
    return {value, last};
}

/// The place behind the parentheses of nan(...), or `at` where there are none.
const char *behind_payload(const char *at, const char *end)
{
    if (at == end || *at != '(') {
        return at;
    }
    const char *look = at + 1;
    while (look < end && (is_digit(*look) || *look == '_' || ('a' <= lower(*look) && lower(*look) <= 'z'))) {
        ++look;
    }
    return look < end && *look == ')' ? look + 1 : at;
}

template <class Real> Parsed<Real> read_word(const char *at, const char *end, Syntax syntax)
{
    if (const char *last = behind("nan", at, end)) {
        return {std::numeric_limits<Real>::quiet_NaN(), syntax == Syntax::c ? behind_payload(last, end) : last};
    }
    if (const char *last = behind("inf", at, end)) {
        const char *longer = behind("inity", last, end);
        return {std::numeric_limits<Real>::infinity(), longer != nullptr ? longer : last};
    }
    return {};
}

template <class Real> Parsed<Real> read_unsigned(const char *at, const char *end, Syntax syntax)
{
    if (at == end) {
        return {};
    }
    if (!is_digit(*at) && *at != '.') {
        return read_word<Real>(at, end, syntax);
    }
    if (syntax == Syntax::c && behind("0x", at, end) != nullptr) {
        const Parsed<Real> found = read_hexadecimal<Real>(at + 2, end);
        if (found.end != nullptr) {
            return found;
        }
    }
    return read_decimal<Real>(at, end);
}

} // namespace

template <class Real> Parsed<Real> read_real(const char *at, const char *end, Syntax syntax)
{
    const bool negative = at < end && *at == '-';
    const bool has_sign = negative || (at < end && *at == '+');
    Parsed<Real> found = read_unsigned<Real>(at + has_sign, end, syntax);
    if (negative && found.end != nullptr) {
        found.value = -found.value;
    }
    return found;
}

template Parsed<float> read_real(const char *, const char *, Syntax);
template Parsed<double> read_real(const char *, const char *, Syntax);

Parsed<std::int64_t> read_integer(const char *at, const char *end)
{
    constexpr std::ptrdiff_t most_digits = 18;
    const bool negative = at < end && *at == '-';
    at += negative || (at < end && *at == '+');
    const char *const first = at;
    std::int64_t value = 0;
    for (; at < end && is_digit(*at); ++at) {
        if (at - first == most_digits) {
            return {};
        }
        value = value * 10 + (*at - '0');
    }
    if (at == first) {
        return {};
    }
    return {negative ? -value : value, at};
}

char *put_real(char *out, char *limit, float value, Style style)
{
    // The product is exact (24 bits times 14), so that rounding it to an integer is rounding to six decimals.
    constexpr std::int64_t million = 1'000'000;
    const double scaled = static_cast<double>(value) * million;
    if (style == Style::scientific || !(std::abs(scaled) < 0x1p52)) {
        return put_real(out, limit, static_cast<double>(value), style);
    }
    *out = '-';
    out += std::signbit(value);
    const std::int64_t rounded = std::llrint(std::abs(scaled));
    out = std::to_chars(out, limit, rounded / million).ptr;
    std::to_chars(out, limit, million + rounded % million); // the point takes the place of the leading 1
    *out = '.';
    return out + 1 + decimals;
}

char *put_real(char *out, char *limit, double value, Style style)
{
    if (std::isnan(value)) {
        *out = '-';
        out += std::signbit(value);
        std::memcpy(out, "nan", 3);
        return out + 3;
    }
    const auto format = style == Style::fixed ? std::chars_format::fixed : std::chars_format::scientific;
    return std::to_chars(out, limit, value, format, decimals).ptr;
}

char *put_integer(char *out, std::int64_t value, int width)
{
    char *const last = std::to_chars(out, out + room_of_integer, value).ptr;
    const std::ptrdiff_t size = last - out, missing = width - size;
    if (missing <= 0) {
        return last;
    }
    std::memmove(out + missing, out, static_cast<std::size_t>(size));
    std::memset(out, ' ', static_cast<std::size_t>(missing));
    return out + width;
}

} // namespace stormtrack
