// Preloaded into the program: the wall clock is moved by as many seconds as the file named in MOVING_CLOCK
// says at the moment, as a decimal number. Time that only passes is left alone.
#include <dlfcn.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace {

long long moved_by() {
  const char* const path = std::getenv("MOVING_CLOCK");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, 32> text{};
  const ssize_t read = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  return read > 0 ? std::atoll(text.data()) : 0;
}

}  // namespace

extern "C" int clock_gettime(clockid_t id, timespec* now) {
  using Real = int (*)(clockid_t, timespec*);
  static const Real real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int done = real(id, now);
  if (done == 0 && id == CLOCK_REALTIME) now->tv_sec += moved_by();
  return done;
}
