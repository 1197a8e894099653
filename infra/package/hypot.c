/*
 * glibc 2.35 gave hypot a new version, which differs only in how it reports errors nobody here asks for. A program that
 * was linked on a newer system wants that one, and does not start on Amazon Linux 2023, which has 2.34. The linker sends every call of hypot here, and here the old
 * version is asked for, which is on both.
 */
#if defined(__aarch64__)
__asm__(".symver hypot_of_old, hypot@GLIBC_2.17");
#else
__asm__(".symver hypot_of_old, hypot@GLIBC_2.2.5");
#endif

double hypot_of_old(double x, double y);

double __wrap_hypot(double x, double y) { return hypot_of_old(x, y); }
