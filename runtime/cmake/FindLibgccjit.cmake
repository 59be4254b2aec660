# libgccjit has no pkg-config file, and its header sits in gcc's private include folder, which another compiler must not be
# shown whole: the one header is copied into the build tree.  Defines Libgccjit::Libgccjit.
execute_process(COMMAND gcc -print-file-name=include OUTPUT_VARIABLE gcc_include OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
execute_process(COMMAND gcc -print-file-name=libgccjit.so OUTPUT_VARIABLE gcc_library OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
find_file(LIBGCCJIT_HEADER libgccjit.h HINTS ${gcc_include})
get_filename_component(gcc_library_dir "${gcc_library}" DIRECTORY)
find_library(LIBGCCJIT_LIBRARY NAMES gccjit libgccjit.so.0 HINTS ${gcc_library_dir})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libgccjit REQUIRED_VARS LIBGCCJIT_HEADER LIBGCCJIT_LIBRARY)
if(Libgccjit_FOUND AND NOT TARGET Libgccjit::Libgccjit)
    file(COPY ${LIBGCCJIT_HEADER} DESTINATION ${PROJECT_BINARY_DIR}/libgccjit)
    add_library(Libgccjit::Libgccjit UNKNOWN IMPORTED)
    set_target_properties(Libgccjit::Libgccjit PROPERTIES IMPORTED_LOCATION ${LIBGCCJIT_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_BINARY_DIR}/libgccjit)
endif()
