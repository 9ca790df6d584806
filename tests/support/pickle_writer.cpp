#include "tests/support/pickle_writer.h"

#include <cstring>
#include <stdexcept>

#include <zlib.h>

namespace mint::tests {

PickleWriter& PickleWriter::op(const std::string& opcode) {
  bytes += opcode;
  return *this;
}

PickleWriter& PickleWriter::little_endian(uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 255);
  return *this;
}

PickleWriter& PickleWriter::integer(int32_t value) {
  return op("J").little_endian(static_cast<uint32_t>(value), 4);
}

PickleWriter& PickleWriter::real(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  op("G");
  for (int i = 7; i >= 0; --i) little_endian(bits >> (8 * i), 1);
  return *this;
}

PickleWriter& PickleWriter::text(const std::string& value) {
  return op("\x8c").little_endian(value.size(), 1).op(value);
}

PickleWriter& PickleWriter::letter(char value) {
  return op("C").little_endian(1, 1).op(std::string(1, value));
}

PickleWriter& PickleWriter::data(const std::string& value) {
  return op("B").little_endian(value.size(), 4).op(value);
}

PickleWriter& PickleWriter::global(const std::string& module, const std::string& name) {
  return text(module).text(name).op("\x93");
}

std::string gzip(const std::string& bytes) {
  z_stream stream = {};
  const int gzip_format = 16 + MAX_WBITS;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("gzip: deflateInit2 failed");
  }
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace mint::tests
